// The local AWS as the project's tools see it, for what a stack does by itself only at its hour: signed calls with the
// stack's own key (Signature Version 4, by hand).

import { createHash, createHmac } from 'node:crypto';
import type { APIRequestContext } from '@playwright/test';
import { expect, variable } from './stack';

interface Call {
  service: 'lambda' | 'sqs';
  path: string;
  headers: Record<string, string>;
  input: unknown;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

async function call(request: APIRequestContext, { service, path, headers, input }: Call): Promise<unknown> {
  const endpoint = new URL(path, variable('AWS_ENDPOINT_URL'));
  const body = JSON.stringify(input);
  const moment = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = [moment.slice(0, 8), variable('AWS_REGION'), service, 'aws4_request'];
  const signed: Record<string, string> = { ...headers, host: endpoint.host, 'x-amz-date': moment };
  const names = Object.keys(signed).sort();
  const lines = names.map((name) => `${name}:${signed[name]}\n`).join('');
  const asked = ['POST', endpoint.pathname, '', lines, names.join(';'), sha256(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', moment, scope.join('/'), sha256(asked)].join('\n');
  const key = scope.reduce<string | Buffer>((so, part) => hmac(so, part), `AWS4${variable('AWS_SECRET_ACCESS_KEY')}`);
  const credential = `${variable('AWS_ACCESS_KEY_ID')}/${scope.join('/')}`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${hmac(key, toSign).toString('hex')}`;
  const answer = await request.post(endpoint.href, { headers: { ...signed, authorization }, data: body });
  expect(answer.status(), await answer.text()).toBe(200);
  return answer.json();
}

/** Runs a function that a schedule runs. */
export async function runScheduled(request: APIRequestContext, name: string) {
  const answer = await call(request, {
    service: 'lambda',
    path: `/2015-03-31/functions/${variable('STACK_NAME')}-${name}/invocations`,
    headers: { 'content-type': 'application/json' },
    input: { 'detail-type': 'Scheduled Event', source: 'aws.scheduler', time: new Date().toISOString(), detail: '{}' },
  });
  expect(answer).not.toHaveProperty('errorMessage');
}

/** Puts a message among a queue's dead letters, as its worker does with a reason. */
export async function park(request: APIRequestContext, queue: string, body: unknown, reason: string) {
  await call(request, {
    service: 'sqs',
    path: '/',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
    input: {
      QueueUrl: variable(`QUEUE_${queue}_DLQ`),
      MessageBody: JSON.stringify(body),
      MessageAttributes: { reason: { DataType: 'String', StringValue: reason } },
    },
  });
}
