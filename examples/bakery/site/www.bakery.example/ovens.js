// Show what is in the ovens, as it changes.

const board = new WebSocket("wss://live.ovenboard.example/lantern");
board.onmessage = (message) => { document.getElementById("ovens").textContent = message.data; };
