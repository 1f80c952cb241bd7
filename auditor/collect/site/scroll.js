// To the end of the page and back, as a reader would: what waits for being scrolled to wakes up.
new Promise((done) => {
  const frame = (then) => {
    // a tab that is not painted has no frames
    const late = setTimeout(then, 60);
    requestAnimationFrame(() => { clearTimeout(late); then(); });
  };
  const { scrollHeight } = document.documentElement;
  scrollTo({ top: scrollHeight, behavior: "instant" });
  frame(() => frame(() => {
    scrollTo({ top: 0, behavior: "instant" });
    done(scrollHeight);
  }));
})
