// Everything that is known of one sale: what it is, why it is so, who told of it and when.

import './sales.css';

import { Link, useParams } from 'wouter';
import { api, Failure } from '~/api/client';
import { EVERY } from '~/api/lists';
import { Card } from '~/parts/card';
import { Empty } from '~/parts/empty';
import { Failed } from '~/parts/failed';
import { Waiting } from '~/parts/waiting';
import { useTexts, type Texts } from '~/view/language';
import { useIsAdmin } from '~/view/person';
import { useProductNames } from '~/view/product';
import { useViewSearch } from '~/view/view';
import { Facts } from './facts';
import { Forms } from './forms';
import { Timeline } from './timeline';
import { TrailInWords } from './trail';
import { Versions } from './versions';

interface Words {
  title: string;
  sale: string;
  back: string;
  facts: string;
  why: string;
  explain: string;
  events: string;
  versions: string;
  forms: string;
  unknown: string;
  unknownTodo: string;
  others: string;
  othersTodo: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Сделка', sale: 'Продажа', back: 'Все продажи', facts: 'Что известно', why: 'Почему эта команда',
    explain: 'Проверить по нынешним правилам', events: 'Что и когда сообщила amoCRM', versions: 'Как продажа менялась', forms: 'Заявки за этой сделкой',
    unknown: 'Такой продажи нет.', unknownTodo: 'Проверьте адрес: номер продажи состоит из аккаунта, сделки и продукта.',
    others: 'Это продажа другой команды.', othersTodo: 'Вам видны продажи своей команды.',
  },
  en: {
    title: 'Deal', sale: 'The sale', back: 'All sales', facts: 'What is known', why: 'Why this team',
    explain: 'Check by the rules of today', events: 'What amoCRM told, and when', versions: 'How the sale changed', forms: 'Forms behind this deal',
    unknown: 'There is no such sale.', unknownTodo: 'Check the address: a sale’s number is account, deal and product.',
    others: 'This is another team’s sale.', othersTodo: 'You see the sales of your own team.',
  },
};

export default function SalePage() {
  const texts = useTexts(TEXTS);
  const names = useProductNames();
  const isAdmin = useIsAdmin();
  const view = useViewSearch();
  const { id = '' } = useParams<{ id: string }>();
  const answer = api.useQuery('get', '/api/traffic-dashboard/sales/{sale_id}', { params: { path: { sale_id: id } } }, {
    refetchInterval: ({ state }) => (state.error ? false : EVERY),
  });
  const known = answer.data;
  return (
    <>
      <header className="page-head">
        <p className="crumb"><Link href={`/sales${view}`}>← {texts.back}</Link></p>
        <h1>{known ? `${texts.title} ${known.sale.lead_id} · ${names[known.sale.product]}` : texts.sale}</h1>
      </header>
      {answer.error && <NotShown error={answer.error} again={() => void answer.refetch()} texts={texts} />}
      {!known && !answer.error && <Waiting lines={12} height={700} />}
      {known && (
        <div className="sale">
          <div className="stack">
            <Card title={texts.facts}><Facts sale={known.sale} /></Card>
            <Card
              title={texts.why}
              aside={isAdmin && <Link href={`/admin/explain?sale_id=${encodeURIComponent(known.sale.sale_id)}`}>{texts.explain}</Link>}
            >
              <TrailInWords trail={known.sale.trail} />
            </Card>
            <Card title={texts.forms}><Forms forms={known.leads} /></Card>
          </div>
          <div className="stack">
            <Card title={texts.events}><Timeline events={known.events} versions={known.versions} /></Card>
            <Card title={texts.versions}><Versions versions={known.versions} events={known.events} /></Card>
          </div>
        </div>
      )}
    </>
  );
}

function NotShown({ error, again, texts }: { error: unknown; again: () => void; texts: Words }) {
  const status = error instanceof Failure ? error.status : null;
  if (status === 404) return <Empty title={texts.unknown}>{texts.unknownTodo}</Empty>;
  if (status === 403) return <Empty title={texts.others}>{texts.othersTodo}</Empty>;
  return <Failed what={texts.sale} error={error} again={again} />;
}
