constexpr auto open =
    "deviceName:s lineName:s filter:LineEventFilter autoAcceptStatus:i partition:s";
