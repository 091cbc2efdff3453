// A comment may stand before it.
#pragma once
