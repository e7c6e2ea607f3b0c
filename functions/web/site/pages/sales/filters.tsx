import { useMutation } from '@tanstack/react-query';
import { Failure } from '~/api/client';
import { Choice } from '~/parts/choice';
import { Failed } from '~/parts/failed';
import { useChoiceFilter, useFilter } from '~/view/filters';
import { useTexts, type Texts } from '~/view/language';
import { useIsAdmin, usePerson } from '~/view/person';
import { PRODUCTS, useProductNames, type Product } from '~/view/product';
import { downloadRows } from './file';
import { NOBODY, type Asked } from './rows';

interface Words {
  funnel: string;
  all: string;
  team: string;
  allTeams: string;
  nobody: string;
  search: string;
  hint: string;
  file: string;
  preparing: string;
  ready: string;
  fileFailed: string;
  tooLarge: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    funnel: 'Продукт', all: 'Все', team: 'Команда', allTeams: 'Все команды', nobody: 'Без команды', search: 'Поиск',
    hint: 'Сделка или UTM', file: 'Скачать CSV', preparing: 'Готовим файл…', ready: 'Файл скачан.', fileFailed: 'Файл',
    tooLarge: 'Файл получился бы слишком большим: выберите период короче или одну команду.',
  },
  en: {
    funnel: 'Product', all: 'All', team: 'Team', allTeams: 'All teams', nobody: 'Unattributed', search: 'Search',
    hint: 'Deal or UTM', file: 'Download CSV', preparing: 'Preparing the file…', ready: 'The file is downloaded.', fileFailed: 'The file',
    tooLarge: 'The file would be too large: choose a shorter period, or one team.',
  },
};

/** Which sales: product, team, some text; and the file of them. */
export function Filters({ asked }: { asked: Asked }) {
  const texts = useTexts(TEXTS);
  const names = useProductNames();
  const { teams } = usePerson();
  const isAdmin = useIsAdmin();
  const [funnel, setFunnel] = useChoiceFilter('funnel', PRODUCTS);
  const [team, setTeam] = useFilter('team');
  const [search, setSearch] = useFilter('q');
  const file = useMutation({ mutationFn: () => downloadRows(asked, search) });
  const products: (readonly [Product | '', string])[] = [['', texts.all], ...PRODUCTS.map((id) => [id, names[id]] as const)];
  const isTooLarge = file.error instanceof Failure && file.error.status === 400;
  return (
    <div className="row sales-filters">
      <Choice label={texts.funnel} value={funnel} choices={products} onChange={setFunnel} />
      {(isAdmin || teams.length > 1 || team) && (
        <label>
          <span className="unseen">{texts.team}</span>
          <select value={team} onChange={(event) => setTeam(event.target.value)}>
            <option value="">{texts.allTeams}</option>
            {teams.map(({ id, title, emoji }) => <option key={id} value={id}>{emoji} {title}</option>)}
            {isAdmin && <option value={NOBODY}>{texts.nobody}</option>}
            {team && team !== NOBODY && !teams.some(({ id }) => id === team) && <option value={team}>{team}</option>}
          </select>
        </label>
      )}
      <label>
        <span className="unseen">{texts.search}</span>
        <input type="search" data-search value={search} placeholder={texts.hint} onChange={(event) => setSearch(event.target.value)} />
      </label>
      <button type="button" disabled={file.isPending} onClick={() => file.mutate()}>{texts.file}</button>
      <span role="status" className="unseen">{file.isPending ? texts.preparing : file.isSuccess ? texts.ready : ''}</span>
      {file.error && (isTooLarge
        ? <p role="alert" className="problem">{texts.tooLarge}</p>
        : <Failed what={texts.fileFailed} error={file.error} again={() => file.mutate()} />)}
    </div>
  );
}
