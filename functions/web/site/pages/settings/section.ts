// What each section of the settings holds. The document leaves that open, so it is written down here.

import type { Schemas } from '~/api/client';

export type Section = Schemas['SettingsSection'];

export type Matching = 'word' | 'anywhere';

export interface Pattern {
  text: string;
  matching: Matching;
}

export interface TeamRule {
  id: string;
  title: string;
  color: string;
  emoji: string;
  patterns: Pattern[];
  ad_accounts: string[];
}

export interface PipelineStage {
  pipeline: number;
  stage: number;
}

export interface ProductRule {
  product: 'express' | 'flagship';
  list_price: number;
  from_price: number;
  to_price: number;
  stages: PipelineStage[];
}

export const UTM_NAMES = ['utm_campaign', 'utm_source', 'utm_content', 'utm_term', 'utm_medium'] as const;
export type UtmName = (typeof UTM_NAMES)[number];

export interface Products {
  products: ProductRule[];
  stages: { sale: PipelineStage[]; excluded: PipelineStage[] };
  /** Fields of amoCRM by id. */
  utm_fields: Record<string, UtmName>;
}

export const PAYMENT_METHODS = ['kaspi', 'halyk', 'robokassa'] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

export interface PaymentStages {
  pipeline_id: number;
  stages: Partial<Record<PaymentMethod, number>>;
}

export interface AdAccountChoice {
  enabled: boolean;
  daily_limit?: Schemas['AdMoney'];
}

export interface Letter {
  subject: string;
  body: string;
}

export interface Notifications {
  telegram_sale: string;
  sms_proftest: string;
  sms_express: string;
  email_proftest: Letter;
  email_express: Letter;
}

export interface Alerts {
  quiet_hours: { from: string; to: string } | null;
  token_days: number[];
  proof_minutes: number;
  breaker_minutes: number;
}

export interface Values {
  teams: TeamRule[];
  products: Products;
  payment_stages: PaymentStages;
  ad_accounts: Record<string, AdAccountChoice>;
  notifications: Notifications;
  alerts: Alerts;
}

/** A section as it was read: a change names its version. */
export interface Held<S extends Section> {
  version: number;
  value: Values[S];
}

/** The way to a part of a value, as `[0].patterns[2].text` is written. */
export function steps(path: string): string[] {
  return path.split(/[.[\]]+/).filter((step) => step !== '');
}

/** What stands there; nothing where the value has no such part. */
export function at(value: unknown, path: string): unknown {
  return steps(path).reduce<unknown>(
    (within, step) => (typeof within === 'object' && within !== null ? (within as Record<string, unknown>)[step] : undefined),
    value,
  );
}

/** Whether two values say the same, whatever the order in which their fields were written. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => isSame(at(one, name), at(other, name)));
}
