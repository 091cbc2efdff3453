"""The appliance's settings: what is asked, judged, stored, put into place and taken back."""
