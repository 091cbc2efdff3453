#pragma once

/// What any driver of the switch takes and gives. Operations and events are named after what happens at a
/// phone, never after a message of one protocol; another driver can replace CTI/QBE behind this.
#include "cti/driver/events.hpp"
#include "cti/driver/operations.hpp"
#include "cti/driver/values.hpp"
