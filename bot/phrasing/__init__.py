"""An e-mail's anatomy, the claims in it, and approved wording put in their place."""
