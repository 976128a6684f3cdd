"""Parts shared by all requests, and the server that takes them."""
