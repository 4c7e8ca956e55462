import assert from 'node:assert/strict';
import { test } from 'node:test';
import { respond } from '../src/orders.mjs';

function memory(...orders) {
  const byId = new Map(orders.map((order) => [order.id, order]));
  return { byId, get: async (id) => byId.get(id), put: async (order) => void byId.set(order.id, order) };
}

const post = (body) => ({ routeKey: 'POST /orders', body: typeof body === 'string' ? body : JSON.stringify(body) });

test('an order that was placed can be read back', async () => {
  const store = memory();
  const created = await respond(post({ customer: 'ada', items: [{ sku: 'tea', quantity: 2 }] }), store);
  assert.equal(created.statusCode, 201);

  const { id } = JSON.parse(created.body);
  assert.equal(created.headers.location, `/orders/${id}`);
  const read = await respond({ routeKey: 'GET /orders/{id}', pathParameters: { id } }, store);
  assert.equal(read.statusCode, 200);
  assert.deepEqual(JSON.parse(read.body), { id, customer: 'ada', items: [{ sku: 'tea', quantity: 2 }] });
});

test('a body in base64 is read too', async () => {
  const body = Buffer.from(JSON.stringify({ customer: 'ada', items: [{ sku: 'tea', quantity: 1 }] })).toString('base64');
  const created = await respond({ routeKey: 'POST /orders', body, isBase64Encoded: true }, memory());
  assert.equal(created.statusCode, 201);
});

test('an unknown order is not found', async () => {
  const read = await respond({ routeKey: 'GET /orders/{id}', pathParameters: { id: 'none' } }, memory());
  assert.equal(read.statusCode, 404);
});

for (const [name, body, message] of [
  ['no JSON', '{', 'the body is not JSON'],
  ['no body', '', 'the body is not JSON'],
  ['null', 'null', 'customer is missing'],
  ['no customer', { items: [] }, 'customer is missing'],
  ['no items', { customer: 'ada', items: [] }, 'items is empty'],
  ['a quantity of nothing', { customer: 'ada', items: [{ sku: 'tea', quantity: 0 }] }, 'item 0 needs a sku and a quantity of at least 1'],
]) {
  test(`an order with ${name} is refused and not stored`, async () => {
    const store = memory();
    const answer = await respond(post(body), store);
    assert.equal(answer.statusCode, 400);
    assert.deepEqual(JSON.parse(answer.body), { message });
    assert.equal(store.byId.size, 0);
  });
}
