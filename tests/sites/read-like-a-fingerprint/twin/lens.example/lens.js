const canvas = document.body.appendChild(document.createElement("canvas"));
canvas.width = 240;
canvas.height = 60;
const pen = canvas.getContext("2d");
for (const [at, height] of [12, 40, 25, 33].entries()) {
  pen.fillStyle = at % 2 ? "#069" : "#f60";
  pen.fillRect(at * 30, 60 - height, 20, height);
  pen.fillText(`Month ${at}`, at * 30, 10);
}
