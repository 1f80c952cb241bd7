localStorage.setItem("neighbour", "1");
