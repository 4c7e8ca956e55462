import { randomUUID } from 'node:crypto';

const json = (statusCode, body) => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Answers one request of an HTTP API (payload format 2.0) from a store. */
export async function respond(event, store) {
  switch (event.routeKey) {
    case 'GET /orders/{id}': {
      const order = await store.get(event.pathParameters.id);
      return order ? json(200, order) : json(404, { message: 'no such order' });
    }
    case 'POST /orders':
      return create(event, store);
    default:
      return json(404, { message: 'no such route' });
  }
}

async function create(event, store) {
  const order = parse(event);
  const problem = order === undefined ? 'the body is not JSON' : wrongWith(order);
  if (problem) {
    return json(400, { message: problem });
  }
  const created = { id: randomUUID(), customer: order.customer, items: order.items };
  await store.put(created);
  return { ...json(201, created), headers: { 'content-type': 'application/json', location: `/orders/${created.id}` } };
}

function parse(event) {
  const text = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString() : event.body;
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function wrongWith(order) {
  if (order === null || typeof order !== 'object' || typeof order.customer !== 'string' || order.customer === '') {
    return 'customer is missing';
  }
  if (!Array.isArray(order.items) || order.items.length === 0) {
    return 'items is empty';
  }
  const bad = order.items.findIndex((item) => typeof item?.sku !== 'string' || !Number.isInteger(item?.quantity) || item.quantity < 1);
  return bad < 0 ? undefined : `item ${bad} needs a sku and a quantity of at least 1`;
}
