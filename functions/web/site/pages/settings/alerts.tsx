import { useState } from 'react';
import { Card } from '~/parts/card';
import { useTexts, type Texts } from '~/view/language';
import { useDraft } from './draft';
import { Field, NumberField } from './field';
import { SaveBar } from './save-bar';
import { SectionForm } from './section-form';
import type { Alerts } from './section';

interface Words {
  title: string;
  what: string;
  chat: string;
  quiet: string;
  quietHint: string;
  from: string;
  to: string;
  days: string;
  daysHint: string;
  proof: string;
  proofHint: string;
  breaker: string;
  breakerHint: string;
  minutes: string;
  day: string;
  fields: Record<keyof Alerts, string>;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Оповещения о сбоях', what: 'О том, что сломалось, сообщается в Telegram школы один раз, и ещё раз, когда починилось.',
    chat: 'Какой чат и какой бот, задаётся в разделе «Ключи», Telegram. Дневной лимит расхода кабинета задаётся в разделе Facebook.',
    quiet: 'Тихие часы', quietHint: 'По времени Алматы. В это время сообщается только о неработающем токене.', from: 'С', to: 'До',
    days: 'За сколько дней напоминать о токене', daysHint: 'Дни через запятую, от 1 до 90, не больше десяти: 14, 7, 3, 1.',
    proof: 'Сверка с amoCRM не сходится дольше', proofHint: 'От 5 до 1440 минут.',
    breaker: 'Facebook или amoCRM не отвечают дольше', breakerHint: 'От 5 до 1440 минут.', minutes: 'минут', day: 'день',
    fields: {
      quiet_hours: 'Тихие часы', token_days: 'Напоминания о токене', proof_minutes: 'Сверка не сходится',
      breaker_minutes: 'Не отвечают',
    },
  },
  en: {
    title: 'Alerts', what: 'The school’s Telegram chat is told once of what fell off, and once more when it is over.',
    chat: 'Which chat and which bot is set in “Keys”, Telegram. An ad account’s daily limit is set in “Facebook”.',
    quiet: 'Quiet hours', quietHint: 'Almaty time. Nothing is told in them but a token that does not work.', from: 'From', to: 'To',
    days: 'Days before a token ends', daysHint: 'Days with commas between, from 1 to 90, ten at most: 14, 7, 3, 1.',
    proof: 'amoCRM does not agree for longer than', proofHint: 'From 5 to 1440 minutes.',
    breaker: 'Facebook or amoCRM do not answer for longer than', breakerHint: 'From 5 to 1440 minutes.', minutes: 'minutes', day: 'day',
    fields: {
      quiet_hours: 'Quiet hours', token_days: 'Days before a token ends', proof_minutes: 'Does not agree', breaker_minutes: 'Do not answer',
    },
  },
};

export function AlertsTab() {
  const texts = useTexts(TEXTS);
  const draft = useDraft('alerts');
  const nameOf = (field: string) => {
    const [name = '', place] = field.split(/[.[\]]+/);
    const title = texts.fields[name as keyof Alerts] ?? field;
    return place && /^\d+$/.test(place) ? `${title}, ${texts.day} ${Number(place) + 1}` : title;
  };
  return (
    <div className="stack">
      <Card title={texts.title}>
        <p className="quiet">{texts.what} {texts.chat}</p>
        <SectionForm draft={draft} height={300}>
          {(value, change) => (
            <>
              <QuietHours hours={value.quiet_hours} onChange={(quiet_hours) => change({ quiet_hours })} texts={texts} />
              <div className="fields">
                <TokenDays key={draft.held?.version} days={value.token_days} onChange={(token_days) => change({ token_days })} texts={texts} />
                <NumberField
                  path="proof_minutes" label={texts.proof} hint={texts.proofHint} unit={texts.minutes} value={value.proof_minutes}
                  onChange={(proof_minutes) => change({ proof_minutes })}
                />
                <NumberField
                  path="breaker_minutes" label={texts.breaker} hint={texts.breakerHint} unit={texts.minutes} value={value.breaker_minutes}
                  onChange={(breaker_minutes) => change({ breaker_minutes })}
                />
              </div>
            </>
          )}
        </SectionForm>
      </Card>
      <SaveBar drafts={[draft]} nameOfPiece={(_, name) => nameOf(name)} nameOfField={nameOf} />
    </div>
  );
}

const USUAL = { from: '22:00', to: '08:00' };

interface HoursProperties {
  hours: Alerts['quiet_hours'];
  onChange: (hours: Alerts['quiet_hours']) => void;
  texts: Words;
}

function QuietHours({ hours, onChange, texts }: HoursProperties) {
  return (
    <fieldset className="group">
      <legend>
        <label className="switch">
          <input type="checkbox" checked={hours !== null} data-field="quiet_hours" onChange={(event) => onChange(event.target.checked ? USUAL : null)} />
          {texts.quiet}
        </label>
      </legend>
      <small className="quiet">{texts.quietHint}</small>
      {hours && (
        <div className="fields">
          {(['from', 'to'] as const).map((side) => (
            <Field key={side} path={`quiet_hours.${side}`} label={texts[side]}>
              {(control) => (
                <input {...control} type="time" value={hours[side]} onChange={(event) => onChange({ ...hours, [side]: event.target.value })} />
              )}
            </Field>
          ))}
        </div>
      )}
    </fieldset>
  );
}

interface DaysProperties {
  days: readonly number[];
  onChange: (days: number[]) => void;
  texts: Words;
}

/** Days as they are typed; what is no number is nothing until it is one. */
function TokenDays({ days, onChange, texts }: DaysProperties) {
  const written = days.join(', ');
  const [typed, setTyped] = useState(written);
  const numbers = (text: string) => text.split(/[\s,;]+/).filter(Boolean).map((part) => Math.trunc(Number(part)) || 0);
  // The typed text stays only as long as it means what is held.
  const shown = numbers(typed).join(', ') === written ? typed : written;
  return (
    <Field path="token_days" more={(field) => field.startsWith('token_days[')} label={texts.days} hint={texts.daysHint}>
      {(control) => (
        <input
          {...control} type="text" inputMode="numeric" value={shown}
          onChange={(event) => { setTyped(event.target.value); onChange(numbers(event.target.value)); }}
        />
      )}
    </Field>
  );
}
