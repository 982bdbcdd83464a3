/** The Prometheus that the reader chose at the top of the dashboard. */
export const DATASOURCE = { type: "prometheus", uid: "${datasource}" };
