// amoCRM's sales against ours: whether the figures can be trusted, and where not, which deals are to blame.

import './reconciliation.css';

import { keepPreviousData } from '@tanstack/react-query';
import { api, type Schemas } from '~/api/client';
import { PeriodBar } from '~/layout/period-bar';
import { Choice } from '~/parts/choice';
import { Failed } from '~/parts/failed';
import { Waiting } from '~/parts/waiting';
import { useChoiceFilter, useFilter } from '~/view/filters';
import { useTexts, type Texts } from '~/view/language';
import { usePerson } from '~/view/person';
import { PRODUCTS, useProductNames, type Product } from '~/view/product';
import { useView } from '~/view/view';
import { Deals } from './reconciliation-deals';
import { Healed } from './reconciliation-healed';
import { Counters, Delivery, Hooks } from './reconciliation-health';
import { ByDay, ByProduct, ByTeam } from './reconciliation-sides';
import { Verdict } from './reconciliation-verdict';

/** Compared every ten minutes, so once a minute is often enough to look. */
const EVERY_MINUTE = 60_000;

interface Words {
  what: string;
  product: string;
  all: string;
  team: string;
  allTeams: string;
}

const TEXTS: Texts<Words> = {
  ru: { what: 'Сверка', product: 'Продукт', all: 'Все', team: 'Команда', allTeams: 'Все команды' },
  en: { what: 'The reconciliation', product: 'Product', all: 'All', team: 'Team', allTeams: 'All teams' },
};

export type Answer = Schemas['ReconciliationAnswer'];

export function Reconciliation() {
  const texts = useTexts(TEXTS);
  const { days } = useView();
  const [product] = useChoiceFilter('product', PRODUCTS);
  const [team] = useFilter('team');
  const query = { ...days, ...(product ? { product } : {}), ...(team ? { team } : {}) };
  const answer = api.useQuery('get', '/api/admin/reconciliation', { params: { query } }, {
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MINUTE,
  });
  return (
    <div className="stack">
      <div className="row">
        <PeriodBar />
        <Filters texts={texts} />
      </div>
      {answer.error && <Failed what={texts.what} error={answer.error} again={() => void answer.refetch()} />}
      {!answer.data && !answer.error && <Waiting lines={14} height={900} />}
      {answer.data && (
        <div className={answer.isPlaceholderData ? 'stack dim' : 'stack'}>
          <Verdict answer={answer.data} />
          <Deals answer={answer.data} />
          <ByTeam answer={answer.data} />
          <ByProduct answer={answer.data} />
          <ByDay answer={answer.data} />
          <div className="pair">
            <Hooks health={answer.data.hooks} />
            <div className="stack">
              <Delivery rate={answer.data.delivery} />
              <Counters check={answer.data.counters} />
            </div>
          </div>
          <Healed answer={answer.data} />
        </div>
      )}
    </div>
  );
}

function Filters({ texts }: { texts: Words }) {
  const names = useProductNames();
  const { teams } = usePerson();
  const [product, setProduct] = useChoiceFilter('product', PRODUCTS);
  const [team, setTeam] = useFilter('team');
  const products: (readonly [Product | '', string])[] = [['', texts.all], ...PRODUCTS.map((id) => [id, names[id]] as const)];
  return (
    <>
      <Choice label={texts.product} value={product} choices={products} onChange={setProduct} />
      <label>
        <span className="unseen">{texts.team}</span>
        <select value={team} onChange={(event) => setTeam(event.target.value)}>
          <option value="">{texts.allTeams}</option>
          {teams.map(({ id, title, emoji }) => <option key={id} value={id}>{emoji} {title}</option>)}
        </select>
      </label>
    </>
  );
}
