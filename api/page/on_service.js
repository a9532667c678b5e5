// The page of a service.

import { startPage } from "./main.js";
import { service } from "./service.js";

startPage(service);
