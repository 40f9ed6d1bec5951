"""What a client can say: phases, reasons, codes, and the status message that holds them."""
