// The hook: check the key, parse, and store every event once. Powertools decides what was seen before.
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { eventsOf, keyIsGood, parseForm } from "./hook.mjs";

const dynamodb = new DynamoDBClient({});
const documents = DynamoDBDocumentClient.from(dynamodb);
const queue = new SQSClient({});
const { TABLE_EVENTS, TABLE_SALES, TABLE_COUNTERS, QUEUE_HOOK_RETRY } = process.env;

const config = new IdempotencyConfig({
  eventKeyJmesPath: "eventId",
  expiresAfterSeconds: 90 * 24 * 3600,
  responseHook: (answer) => ({ ...answer, outcome: "duplicate" }),
});
const persistenceStore = new DynamoDBPersistenceLayer({
  tableName: TABLE_EVENTS,
  keyAttr: "pk",
  awsSdkV3Client: dynamodb,
});

const recordOnce = makeIdempotent(record, { persistenceStore, config });

async function record(event) {
  const sale = { pk: `${event.account}#${event.leadId}`, sk: event.product, ...event };
  await documents.send(new PutCommand({ TableName: TABLE_SALES, Item: sale }));
  await documents.send(
    new UpdateCommand({
      TableName: TABLE_COUNTERS,
      Key: { pk: `sale_date#${event.team}`, sk: `${event.day}#${Number(event.leadId) % 4}` },
      UpdateExpression: "ADD #count :one, #revenue :amount",
      ExpressionAttributeNames: { "#count": `${event.product}_count`, "#revenue": `${event.product}_revenue` },
      ExpressionAttributeValues: { ":one": 1, ":amount": event.amount },
    }),
  );
  return { action: event.action, lead_id: event.leadId, outcome: "recorded", team: event.team };
}

export async function handler(request, context) {
  config.registerLambdaContext(context);
  if (!keyIsGood(request.queryStringParameters?.key)) {
    return answer(401, { success: false, error: "unauthorized" });
  }
  const raw = request.isBase64Encoded ? Buffer.from(request.body, "base64").toString("utf8") : request.body;
  const results = [];
  for (const event of eventsOf(parseForm(raw), raw)) {
    results.push(event.stage === "142" ? await store(event) : { action: event.action, lead_id: event.leadId, outcome: "ignored" });
  }
  return answer(200, { success: true, results });
}

async function store(event) {
  try {
    return await recordOnce(event);
  } catch (error) {
    console.error(error);
    await queue.send(new SendMessageCommand({ QueueUrl: QUEUE_HOOK_RETRY, MessageBody: event.raw }));
    return { action: event.action, lead_id: event.leadId, outcome: "queued" };
  }
}

function answer(statusCode, body) {
  return { statusCode, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
