"""The fault engine as a reverse proxy: in front of a license server that the user already has, whose payload nobody reads."""
