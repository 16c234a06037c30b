// HTTP requests to the server: uploads, the sample picture, the panel. Each carries the key from the page's address.

export class Server {
  constructor(key) {
    this.key = key;
  }

  /** Upload a file and return its id; throws an Error with the server's sentence. */
  async upload(file) {
    const headers = {
      "Content-Type": file.type || "application/octet-stream",
      "X-Filename": encodeURIComponent(file.name),
    };
    const response = await this.#fetch("/api/upload", { method: "POST", headers, body: file });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(answer.error ?? `${file.name} was not taken (HTTP ${response.status}).`);
    return answer;
  }

  /** The sample picture as a file. */
  async sample() {
    const response = await this.#fetch("/api/sample", {});
    if (!response.ok) throw new Error("The sample picture could not be fetched.");
    const picture = await response.blob();
    return new File([picture], "lighthouse.png", { type: picture.type || "image/png" });
  }

  /** Post JSON and return the parsed answer, also of an error. */
  async post(path, body) {
    const headers = { "Content-Type": "application/json" };
    const response = await this.#fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    return response.json();
  }

  #fetch(path, options) {
    return fetch(path, { ...options, headers: { ...options.headers, "X-Key": this.key } });
  }
}
