import { useState } from 'react';
import type { Schemas } from '~/api/client';
import { useTexts, type Texts } from '~/view/language';
import { Field } from './field';

type Money = Schemas['AdMoney'];

const TEXTS: Texts<{ label: string; none: string; noCurrency: string }> = {
  ru: { label: 'Лимит в день', none: 'не задан', noCurrency: 'валюта неизвестна' },
  en: { label: 'Limit for a day', none: 'not set', noCurrency: 'currency not known' },
};

/** How many digits of an amount are behind the point. Of tenge there are none. */
function digits(currency: string): number {
  if (currency === 'KZT') return 0;
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

function written({ amount, currency }: Money): string {
  return String(amount / 10 ** digits(currency));
}

interface Properties {
  account: string;
  name: string;
  currency: string | null;
  limit: Money | undefined;
  onChange: (limit: Money | undefined) => void;
}

/** What an account should not spend more than in a day, in its own currency. An empty field is no limit. */
export function DailyLimit({ account, name, currency, limit, onChange }: Properties) {
  const texts = useTexts(TEXTS);
  const held = limit ? written(limit) : '';
  const [typed, setTyped] = useState(held);
  const unit = currency ?? limit?.currency ?? null;
  const read = (text: string): Money | undefined => {
    const amount = Math.round(Number(text.replace(',', '.')) * 10 ** digits(unit ?? 'USD'));
    return unit !== null && text.trim() !== '' && Number.isFinite(amount) ? { amount, currency: unit } : undefined;
  };
  const meant = read(typed);
  // The typed text stays only as long as it means what is held.
  const shown = (meant ? written(meant) : '') === held ? typed : held;
  return (
    <Field path={`${account}.daily_limit`} label={<>{texts.label}<span className="unseen">: {name}</span></>} hint={unit === null ? texts.noCurrency : undefined}>
      {(control) => (
        <span className="with-unit">
          <input
            {...control} type="text" inputMode="decimal" placeholder={texts.none} disabled={unit === null} value={shown}
            onChange={(event) => { setTyped(event.target.value); onChange(read(event.target.value)); }}
          />
          {unit && <span className="quiet">{unit}</span>}
        </span>
      )}
    </Field>
  );
}
