#pragma once
struct Home {};
