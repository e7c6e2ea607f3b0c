// The loop of a custom runtime: take an event from the Lambda Runtime API, hand it on, post the answer.
import http from "node:http";
import { handler } from "./handler.mjs";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const request = http.request({ host, port, method, path: `/2018-06-01/runtime/${path}`, headers, agent }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString("utf8") }));
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

function contextOf(headers) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  return {
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    getRemainingTimeInMillis: () => Math.max(deadline - Date.now(), 0),
  };
}

async function serve() {
  for (;;) {
    const { headers, body } = await call("GET", "invocation/next");
    const context = contextOf(headers);
    try {
      const answer = await handler(JSON.parse(body), context);
      await call("POST", `invocation/${context.awsRequestId}/response`, JSON.stringify(answer));
    } catch (error) {
      const report = JSON.stringify({ errorType: error.name, errorMessage: error.message, stackTrace: [] });
      await call("POST", `invocation/${context.awsRequestId}/error`, report);
    }
  }
}

serve().catch((error) => {
  console.error(error);
  process.exit(1);
});
