/** Orders in a DynamoDB table. The SDK comes with Lambda's Node.js runtime. */
export function tableStore(table) {
  let client;
  const connect = async () => {
    const sdk = await import('@aws-sdk/lib-dynamodb');
    const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    client ??= sdk.DynamoDBDocumentClient.from(new DynamoDBClient({}));
    return sdk;
  };
  return {
    async get(id) {
      const { GetCommand } = await connect();
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: { id } }));
      return Item;
    },
    async put(order) {
      const { PutCommand } = await connect();
      await client.send(new PutCommand({ TableName: table, Item: order, ConditionExpression: 'attribute_not_exists(id)' }));
    },
  };
}
