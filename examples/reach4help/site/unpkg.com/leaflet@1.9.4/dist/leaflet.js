// Plays a library for maps.

document.getElementById("map").textContent = "People help in 40 towns.";
