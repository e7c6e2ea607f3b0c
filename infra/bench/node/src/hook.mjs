// Pure: an amoCRM form in, one plain event per lead and action out.
import { createHash, timingSafeEqual } from "node:crypto";

const digests = process.env.WEBHOOK_KEY_DIGESTS.split(",").map((hex) => Buffer.from(hex, "hex"));

export function keyIsGood(key) {
  const digest = createHash("sha256").update(key ?? "").digest();
  return digests.some((known) => timingSafeEqual(known, digest));
}

// `leads[status][0][id]=1` becomes {leads: {status: {0: {id: "1"}}}}.
export function parseForm(text) {
  const root = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    const path = name.split(/[[\]]+/).filter((part) => part !== "");
    let place = root;
    for (const part of path.slice(0, -1)) {
      place[part] ??= Object.create(null);
      place = place[part];
    }
    place[path.at(-1)] = value;
  }
  return root;
}

export function eventsOf(form, raw) {
  const events = [];
  for (const [action, leads] of Object.entries(form.leads ?? {})) {
    for (const lead of Object.values(leads)) {
      const facts = createHash("sha256").update(JSON.stringify(lead)).digest("hex");
      const account = form.account?.id ?? lead.account_id;
      const moment = Number(lead.updated_at ?? lead.last_modified);
      events.push({
        eventId: [account, lead.id, action, lead.status_id, lead.old_status_id, moment, facts].join("#"),
        account,
        action,
        leadId: lead.id,
        stage: lead.status_id,
        amount: Number(lead.price),
        day: dayInAlmaty(moment),
        moment,
        product: productOf(Number(lead.price)),
        team: teamOf(lead),
        raw,
      });
    }
  }
  return events;
}

// Almaty is UTC+5 all year since 2024.
function dayInAlmaty(seconds) {
  return new Date((seconds + 5 * 3600) * 1000).toISOString().slice(0, 10);
}

function productOf(price) {
  if (price === 5000) return "express";
  return price === 490000 ? "flagship" : "other";
}

const TEAMS = { kenesary: /kenesary|nutrients/, arystan: /arystan/, muha: /onai|yourteam/, traf4: /alex|traf4/ };

function teamOf(lead) {
  const values = Object.values(lead.custom_fields ?? {})
    .filter((field) => field.code?.startsWith("UTM_"))
    .map((field) => String(field.values?.[0]?.value ?? "").toLowerCase());
  const found = Object.entries(TEAMS).find(([, pattern]) => values.some((value) => pattern.test(value)));
  return found?.[0] ?? "unattributed";
}
