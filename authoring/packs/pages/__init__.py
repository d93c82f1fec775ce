"""What the pages of packs show, as plain values: views fill them, templates print them."""
