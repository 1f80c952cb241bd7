// An invented counter of visits: it tells its server which page is read.

new Image().src = "https://stats.crumbcount.example/hit.svg?page=" + encodeURIComponent(location.pathname);
