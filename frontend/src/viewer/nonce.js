// Gives every style element a library writes the nonce of this page's content policy.
const nonce = document.querySelector("script[nonce]")?.nonce;
const create = Document.prototype.createElement;

if (nonce)
  Document.prototype.createElement = function (name, ...rest) {
    const element = create.call(this, name, ...rest);
    if (String(name).toLowerCase() === "style") element.nonce = nonce;
    return element;
  };
