"""Records of what happened, is set, or calls what, in whatever form a tool lists them."""
