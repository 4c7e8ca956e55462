import { respond } from './orders.mjs';
import { tableStore } from './store.mjs';

const store = tableStore(process.env.TABLE);

export const handler = (event) => respond(event, store);
