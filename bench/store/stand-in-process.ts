import { placeOf } from "../../test/kit/place.ts";
import { rpcStandIn } from "../../test/store/pg/rpc-stand-in.ts";

/**
 * The stand-in for PostgREST as a process of its own, so that its work is not counted as the hub's.
 * Tells its parent its URL, and ends with it.
 */
const [url = ""] = process.argv.slice(2);
const standIn = await rpcStandIn(placeOf(url), { "service-key": "service_role" });
process.once("disconnect", () => void standIn.close());
process.send?.(standIn.url);
