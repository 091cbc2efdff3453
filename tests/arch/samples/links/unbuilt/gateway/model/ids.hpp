#pragma once  // expect: links
