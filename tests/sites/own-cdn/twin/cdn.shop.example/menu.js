document.querySelector("h1").title = "Menu";
