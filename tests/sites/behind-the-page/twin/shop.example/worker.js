fetch("/awake");
