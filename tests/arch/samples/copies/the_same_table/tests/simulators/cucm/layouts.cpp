const char* const line_open =
    "deviceName:s lineName:s filter:LineEventFilter autoAcceptStatus:i partition:s ";  // expect: copies
