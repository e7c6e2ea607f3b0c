// Whose a sale would be and why: by typed UTM values, or how one sale stands and whose it would be by the rules of today.

import './explain.css';

import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { api } from '~/api/client';
import { Card } from '~/parts/card';
import { Empty } from '~/parts/empty';
import { Failed } from '~/parts/failed';
import { Waiting } from '~/parts/waiting';
import { useTexts, type Texts } from '~/view/language';
import { Explanation, UTM_NAMES } from './explain-trail';

interface Words {
  title: string;
  what: string;
  sale: string;
  saleHint: string;
  ask: string;
  empty: string;
  emptyHint: string;
  answer: string;
  stands: string;
  now: string;
  same: string;
  differs: string;
  differsHint: string;
  rules: string;
  open: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Кому достаётся продажа и почему', what: 'Введите UTM-значения или номер продажи.', sale: 'Номер продажи', saleHint: 'Например 29600001-21844773-express. UTM-значения тогда не нужны.',
    ask: 'Объяснить', empty: 'Пока нечего объяснять', emptyHint: 'Введите хотя бы одно значение.', answer: 'По сегодняшним правилам', stands: 'Как записана сейчас',
    now: 'Была бы по сегодняшним правилам', same: 'Сегодняшние правила решили бы так же.', differs: 'Сегодняшние правила решили бы иначе.',
    differsHint: 'Прошлое меняется только применением правил:', rules: 'версия правил команд', open: 'Открыть продажу',
  },
  en: {
    title: 'Whose a sale is, and why', what: 'Type UTM values, or the id of a sale.', sale: 'Id of a sale', saleHint: 'As 29600001-21844773-express. UTM values are not needed then.',
    ask: 'Explain', empty: 'Nothing to explain yet', emptyHint: 'Type at least one value.', answer: 'By the rules of today', stands: 'How it stands',
    now: 'Whose it would be by the rules of today', same: 'The rules of today would decide the same.', differs: 'The rules of today would decide otherwise.',
    differsHint: 'The past is changed only by applying rules:', rules: 'version of the teams’ rules', open: 'Open the sale',
  },
};

const FIELDS = [...UTM_NAMES, 'sale_id'] as const;
type Name = (typeof FIELDS)[number];

export function Explain() {
  const texts = useTexts(TEXTS);
  const [parameters, setParameters] = useSearchParams();
  const asked = Object.fromEntries(FIELDS.flatMap((name) => (parameters.get(name)?.trim() ? [[name, parameters.get(name)?.trim()]] : []))) as Partial<Record<Name, string>>;
  const ask = (values: Record<Name, string>) =>
    setParameters((before) => {
      const after = new URLSearchParams(before);
      for (const name of FIELDS) {
        if (values[name].trim()) after.set(name, values[name].trim());
        else after.delete(name);
      }
      return after;
    });
  const isAsked = Object.keys(asked).length > 0;
  return (
    <div className="stack">
      <Card title={texts.title}>
        <p className="quiet">{texts.what}</p>
        <Form key={JSON.stringify(asked)} asked={asked} onAsk={ask} texts={texts} />
      </Card>
      {isAsked ? <Answer asked={asked} texts={texts} /> : <Empty title={texts.empty}>{texts.emptyHint}</Empty>}
    </div>
  );
}

interface FormProperties {
  asked: Partial<Record<Name, string>>;
  onAsk: (values: Record<Name, string>) => void;
  texts: Words;
}

function Form({ asked, onAsk, texts }: FormProperties) {
  const [values, setValues] = useState(() => Object.fromEntries(FIELDS.map((name) => [name, asked[name] ?? ''])) as Record<Name, string>);
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); onAsk(values); }}>
      <div className="explain-fields">
        {FIELDS.map((name) => (
          <label key={name}>
            <span className="quiet">{name === 'sale_id' ? texts.sale : name}</span>
            <input
              value={values[name]} data-search={name === 'utm_campaign' ? true : undefined}
              aria-describedby={name === 'sale_id' ? 'sale-hint' : undefined}
              onChange={(event) => setValues({ ...values, [name]: event.target.value })}
            />
            {name === 'sale_id' && <small id="sale-hint" className="quiet">{texts.saleHint}</small>}
          </label>
        ))}
      </div>
      <div><button type="submit" className="main">{texts.ask}</button></div>
    </form>
  );
}

function Answer({ asked, texts }: { asked: Partial<Record<Name, string>>; texts: Words }) {
  const { sale_id, ...values } = asked;
  // A sale is explained by what is known of it, so values beside it would only mislead.
  const query = sale_id ? { sale_id } : values;
  const { data, error, refetch } = api.useQuery('get', '/api/admin/attribution/explain', { params: { query } });
  if (error) return <Failed error={error} again={refetch} what={texts.title} />;
  if (!data) return <Waiting lines={4} height={180} />;
  const { trail, stands, rules } = data;
  if (!stands) {
    return (
      <Card title={texts.answer} aside={<small className="quiet">{texts.rules} {rules.teams}</small>}>
        <div role="status"><Explanation trail={trail} values={values} /></div>
      </Card>
    );
  }
  const isSame = stands.team === trail.team;
  return (
    <>
      <p className={isSame ? 'notice good' : 'notice'} role="status">
        {isSame ? `✓ ${texts.same}` : `▲ ${texts.differs} ${texts.differsHint} `}
        {!isSame && <Link href="/settings/teams">/settings/teams</Link>}
      </p>
      <div className="explain-pair">
        <Card title={texts.stands} aside={<small className="quiet">{texts.rules} {stands.rules.teams}</small>}>
          <Explanation trail={stands.trail} />
          <Link href={`/sales/${stands.sale_id}`}>{texts.open}</Link>
        </Card>
        <Card title={texts.now} aside={<small className="quiet">{texts.rules} {rules.teams}</small>}><Explanation trail={trail} /></Card>
      </div>
    </>
  );
}
