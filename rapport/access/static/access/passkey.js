// Passkeys: the browser asks for a finger, a face or a key, and the form brings the answer. Without it, forms of passkeys
// stay hidden, and password and code work as ever. A form says what it wants: data-passkey="create" or "get", and where
// what is needed for it stands: in the page (data-options) or at an address (data-ask).
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const create = (options) => {
    const asked = options.publicKey;
    return navigator.credentials.create({
      publicKey: {
        ...asked,
        challenge: bytes(asked.challenge),
        user: { ...asked.user, id: bytes(asked.user.id) },
        excludeCredentials: known(asked.excludeCredentials),
        // one that needs no password where the device can do that, and a second factor where it cannot
        authenticatorSelection: { ...asked.authenticatorSelection, residentKey: "preferred", requireResidentKey: false },
      },
    });
  };

  const get = (options) => {
    const asked = options.publicKey;
    return navigator.credentials.get({
      publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: known(asked.allowCredentials) },
    });
  };

  const told = (credential) => {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) response[part] = text(credential.response[part]);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    });
  };

  const optionsOf = async (form) => {
    if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
    const answer = await fetch(form.dataset.ask, { headers: { Accept: "application/json" } });
    return answer.json();
  };

  if (!window.PublicKeyCredential) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const failed = form.querySelector("[role=alert]");
      failed.hidden = true;
      try {
        const found = await optionsOf(form);
        const options = found.creation_options || found.request_options;
        const credential = await (form.dataset.passkey === "create" ? create(options) : get(options));
        form.elements.credential.value = told(credential);
        form.submit();
      } catch {
        failed.hidden = false;
      }
    });
  }
})();
