// Plays Firebase's web library: installation, heartbeat, a guest's account, data, statistics.

export async function start({ apiKey, project, app, database, measurement }) {
  const { fid } = await ask(`firebaseinstallations.googleapis.com/v1/projects/${project}/installations`);
  await keep("firebase-installations-database", "firebase-installations-store", app, { fid });
  await keep("firebase-heartbeat-database", "firebase-heartbeat-store", app, { heartbeats: 1 });

  const user = await ask(`identitytoolkit.googleapis.com/v1/accounts:signUp?key=${apiKey}`);
  const name = `firebase:authUser:${apiKey}:[DEFAULT]`;
  await keep("firebaseLocalStorageDb", "firebaseLocalStorage", name, user);
  localStorage.setItem(name, JSON.stringify(user));

  await ask("firestore.googleapis.com/google.firestore.v1.Firestore/Listen/channel?VER=8");
  new WebSocket(database);
  statistics(apiKey, app, measurement);
  return user;
}

async function ask(address) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`https://${address}`, { method: "POST", headers, body: "{}" });
  return answer.json();
}

function keep(database, store, key, value) {
  return new Promise((done, fail) => {
    const opening = indexedDB.open(database, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(store);
    opening.onerror = fail;
    opening.onsuccess = () => {
      const change = opening.result.transaction(store, "readwrite");
      change.objectStore(store).put(value, key);
      change.oncomplete = () => { opening.result.close(); done(); };
    };
  });
}

async function statistics(apiKey, app, measurement) {
  const settings = `https://firebase.googleapis.com/v1alpha/projects/-/apps/${app}/webConfig`;
  await fetch(settings, { headers: { "x-goog-api-key": apiKey } });
  const script = document.createElement("script");
  script.src = `https://www.googletagmanager.com/gtag/js?id=${measurement}`;
  document.head.append(script);
}
