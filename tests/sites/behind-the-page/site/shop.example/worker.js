fetch("https://calls.worker.example/awake", { mode: "no-cors" });
