import { extendZodWithOpenApi } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";

// Before any schema is made: what is made earlier cannot be described.
extendZodWithOpenApi(z);

export { z };
