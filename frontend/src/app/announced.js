// data-total: how many rows there are and in what order, said once the page is there.
import { announce } from "../words.js";

const total = document.querySelector("[data-total]");
if (total) setTimeout(() => announce(total.textContent.trim()), 300);
