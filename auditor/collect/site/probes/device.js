// What scripts read that tells one device from another. The criteria for canvas, fonts and WebRTC are
// those of Englehardt and Narayanan, "Online Tracking: A 1-million-site Measurement and Analysis"
// (2016), section 3.2, after Acar et al., "The Web Never Forgets" (2014); for audio section 6 of the
// former. For WebGL and for what the browser says of itself nobody has published any: the W3C's
// "Mitigating Browser Fingerprinting in Web Specifications" says that breadth is what counts.
({ bag, put, note, sparing, script, say, tell, watch, getter }) => {
  const CANVASES = ["HTMLCanvasElement", "OffscreenCanvas"];
  const reads = (what, sign) => tell("read", what, sign);
  const each = (names, work) => {
    for (const one of names) if (window[one]) work(window[one].prototype);
  };

  // --- canvas: text is drawn, and what came of it is read back

  const hasText = (seen) => seen.copied || seen.letters?.size >= 10 || seen.colours?.size >= 2;
  const isBig = (size) => size >= 16 || size <= -16;

  function drawn(seen, words, colour) {
    seen.letters ??= bag();
    seen.colours ??= bag();
    if (typeof words === "string" && seen.letters.size < 10)
      for (let at = 0; at < words.length && at < 100; at += 1) put(seen.letters, words[at]);
    if (seen.colours.size < 2) put(seen.colours, typeof colour === "string" ? colour : "pattern");
  }

  function readBack(context, width, height) {
    const seen = note(context);
    const isMoving = seen.moves || (seen.canvas && note(seen.canvas).moves);
    const what = seen.isGl ? "webgl" : "canvas";
    const met = isBig(width) && isBig(height) && (seen.isGl ? seen.draws <= 5 : hasText(seen) && !isMoving);
    const counter = met ? (seen.met ??= { __proto__: null }) : (seen.unmet ??= { __proto__: null });
    if (!sparing(counter, 3)) return;
    reads(what, met ? (seen.isGl ? "a picture read back" : "text read back") : "");
  }

  for (const canvases of CANVASES) {
    const width = getter(() => window[canvases].prototype, "width");
    const height = getter(() => window[canvases].prototype, "height");
    const wholly = (self) => {
      const { context } = note(self);
      if (context) readBack(context, width(self), height(self));
    };
    watch("canvas", () => window[canvases].prototype, "getContext", (self, given, answer) => {
      if (!answer) return;
      note(self).context = answer;
      note(answer).canvas = self;
    });
    for (const way of ["toDataURL", "toBlob", "convertToBlob"])
      watch("canvas", () => window[canvases].prototype, way, wholly);
  }

  each(["CanvasRenderingContext2D", "OffscreenCanvasRenderingContext2D"], (prototype) => {
    const it = () => prototype;
    const fill = getter(it, "fillStyle");
    const stroke = getter(it, "strokeStyle");
    const font = getter(it, "font");
    const moves = (self) => { note(self).moves = true; };
    watch("canvas", it, "fillText", (self, given) => drawn(note(self), given[0], fill(self)));
    watch("canvas", it, "strokeText", (self, given) => drawn(note(self), given[0], stroke(self)));
    watch("canvas", it, "save", moves);
    watch("canvas", it, "restore", moves);
    watch("canvas", it, "drawImage", (self, given) => {
      const { context } = note(given[0]);
      if (context && hasText(note(context))) note(self).copied = true;
    });
    watch("canvas", it, "getImageData", (self, given) =>
      readBack(self, given[2], given[3]));
    watch("fonts", it, "measureText", (self, given) => measured(given[0], font(self)));
  });

  // --- fonts: one text in many of them

  const texts = { __proto__: null };
  let many = 0;

  function measured(words, font) {
    if (typeof words !== "string" || words.length > 200 || typeof font !== "string") return;
    if (!(words in texts)) {
      if (many >= 500) return;
      many += 1;
    }
    const fonts = (texts[words] ??= bag());
    if (fonts.size > 50 || !put(fonts, font)) return;
    if (fonts.size === 10) reads("fonts", "");
    if (fonts.size === 50) reads("fonts", "one text in 50 fonts");
  }

  watch("fonts", () => FontFaceSet.prototype, "check", (self, given) => measured("", given[0]));
  watch("fonts", () => window, "queryLocalFonts", () => reads("fonts", "the list of fonts"));

  // --- WebGL: the graphics card's name, its limits, a picture

  each(["WebGLRenderingContext", "WebGL2RenderingContext"], (prototype) => {
    const it = () => prototype;
    const gl = (self) => {
      const seen = note(self);
      if (seen.isGl) return seen;
      seen.isGl = true;
      seen.draws = 0;
      seen.limits = bag();
      seen.names = { __proto__: null };
      return seen;
    };
    const limits = (seen) => {
      if (seen.lists && seen.limits.size === 20) reads("webgl", "20 of its limits");
    };
    watch("webgl", it, "getParameter", (self, given, answer) => {
      const seen = gl(self);
      const isName = given[0] === 0x9245 || given[0] === 0x9246; // UNMASKED_VENDOR, _RENDERER
      if (isName && answer && sparing(seen.names, 20)) reads("webgl", "the graphics card");
      else if (put(seen.limits, given[0])) limits(seen);
    });
    watch("webgl", it, "getSupportedExtensions", (self) => {
      const seen = gl(self);
      const isFirst = !seen.lists;
      seen.lists = true;
      if (isFirst && seen.limits.size >= 20) reads("webgl", "20 of its limits");
    });
    for (const way of ["drawArrays", "drawElements"])
      watch("webgl", it, way, (self) => { gl(self).draws += 1; });
    watch("webgl", it, "readPixels", (self, given) => {
      if (gl(self).draws) readBack(self, given[2], given[3]);
    });
  });

  // --- audio: a tone made by the device's own arithmetic, and read

  const renderings = bag();
  const Makers = [window.OscillatorNode, window.DynamicsCompressorNode];
  const contextOf = getter(() => AudioNode.prototype, "context");
  const lengthOf = getter(() => OfflineAudioContext.prototype, "length");
  const bufferLength = getter(() => AudioBuffer.prototype, "length");
  const heard = { __proto__: null };

  watch("audio", () => AudioNode.prototype, "connect", (self) => {
    if (self instanceof Makers[0]) note(contextOf(self)).tone = true;
    if (self instanceof Makers[1]) note(contextOf(self)).pressed = true;
  });
  watch("audio", () => OfflineAudioContext.prototype, "startRendering", (self) => {
    const seen = note(self);
    if (seen.tone || seen.pressed) put(renderings, lengthOf(self));
  });
  for (const way of ["getChannelData", "copyFromChannel"])
    watch("audio", () => AudioBuffer.prototype, way, (self) => {
      if (bufferLength(self) in renderings.has && sparing(heard, 100))
        reads("audio", "a rendered tone read");
    });
  for (const way of ["getFloatFrequencyData", "getByteFrequencyData"])
    watch("audio", () => AnalyserNode.prototype, way, (self) => {
      const seen = note(contextOf(self));
      if (seen.tone && seen.pressed && sparing(heard, 100)) reads("audio", "an analysed tone read");
    });

  // --- WebRTC: an offer to nobody, for the addresses in it

  let offers = 0;

  function offered(seen) {
    if (!seen.channel || !seen.offer || !seen.candidates || seen.by !== undefined || seen.talks) return;
    if (offers > 100) return;
    offers += 1;
    seen.by = script();
    say("read", "webrtc", "addresses asked for, without a call", seen.by, 0);
  }

  const peer = () => RTCPeerConnection.prototype;
  const mark = (what) => (self) => {
    const seen = note(self);
    seen[what] = true;
    offered(seen);
  };
  const talks = (self) => {
    const seen = note(self);
    if (!seen.talks && seen.by !== undefined) say("talks", "webrtc", "", seen.by, 0);
    seen.talks = true;
  };
  watch("webrtc", peer, "createDataChannel", mark("channel"));
  watch("webrtc", peer, "createOffer", mark("offer"));
  watch("webrtc", peer, "onicecandidate", mark("candidates"), "set");
  for (const way of ["addTrack", "addTransceiver", "addStream", "setRemoteDescription"])
    watch("webrtc", peer, way, talks);

  // --- what the browser says of itself: many small things

  const asked = { __proto__: null };
  const byScript = { __proto__: null };

  function says(property) {
    if (!sparing((asked[property] ??= { __proto__: null }), 20)) return;
    const by = script();
    const properties = (byScript[by] ??= bag());
    if (!put(properties, property)) return;
    if (properties.size === 6) tell("read", "browser", "", by);
    if (properties.size === 12) tell("read", "browser", "12 of its properties", by);
  }

  const SAID = {
    Navigator: ["deviceMemory", "hardwareConcurrency", "plugins", "mimeTypes", "languages", "platform",
      "maxTouchPoints", "vendor", "vendorSub", "productSub", "doNotTrack", "cookieEnabled",
      "pdfViewerEnabled", "connection"],
    Screen: ["width", "height", "availWidth", "availHeight", "availLeft", "availTop", "colorDepth",
      "pixelDepth", "orientation"],
    NavigatorUAData: ["platform"],
  };
  for (const owner of ["Navigator", "Screen", "NavigatorUAData"])
    for (const property of SAID[owner]) {
      const key = owner === "Screen" ? `screen ${property}` : property;
      watch("browser", () => window[owner].prototype, property, () => says(key), "get");
    }
  watch("browser", () => Navigator.prototype, "getBattery", () => says("battery"));
  watch("browser", () => MediaDevices.prototype, "enumerateDevices", () => says("devices"));
  watch("browser", () => NavigatorUAData.prototype, "getHighEntropyValues", (self, given) => {
    const hints = given[0];
    for (let at = 0; at < hints.length && at < 20; at += 1) says(`hint ${hints[at]}`);
  });

  return mark("candidates");
}
