// Short notices over the chat they belong to (or the page), and the bot's alerts.

let timer;

export function toast(text, host = document.body) {
  const box = document.getElementById("toast");
  if (box.parentElement !== host) host.append(box);
  box.textContent = text;
  box.classList.add("shown");
  clearTimeout(timer);
  timer = setTimeout(() => box.classList.remove("shown"), 4000);
}

export function notice(text) {
  const dialog = document.getElementById("alert");
  dialog.querySelector("p").textContent = text;
  dialog.showModal();
}
