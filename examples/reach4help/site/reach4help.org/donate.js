// Prepare a payment. The first key is public by design.

const PUBLISHABLE = "@@pk_live_:24@@";
// The planted fault: the key that may move money, left in while somebody tried something out.
const LEFT_BEHIND = "@@sk_live_:24@@";

const stripe = Stripe(PUBLISHABLE);
document.getElementById("donation").onsubmit = (event) => {
  event.preventDefault();
  stripe.pay(event.target.elements.amount.value);
};
