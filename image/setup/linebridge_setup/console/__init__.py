"""What a person meets on the serial line and on the screen: the wizard, the menu, the banner and the first boot."""
