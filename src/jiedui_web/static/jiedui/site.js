// What the pages can do without; with scripts it is a little easier.
"use strict";
