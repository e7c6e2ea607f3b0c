import { Failure } from '~/api/client';
import { useTexts, type Texts } from '~/view/language';

interface Words {
  title: string;
  again: string;
  unreachable: string;
  number: string;
}

const TEXTS: Texts<Words> = {
  ru: { title: 'Не загрузилось', again: 'Повторить', unreachable: 'Сервис не отвечает.', number: 'Номер запроса' },
  en: { title: 'Did not load', again: 'Try again', unreachable: 'The service does not answer.', number: 'Request' },
};

interface Properties {
  error: unknown;
  /** What could not be shown, where that is not clear from where this stands. */
  what?: string;
  again?: (() => void) | undefined;
}

/** Says which part failed and why, and lets people try again; the rest of the page stays. */
export function Failed({ error, what, again }: Properties) {
  const texts = useTexts(TEXTS);
  const failure = error instanceof Failure ? error : null;
  const why = failure?.status === 0 ? texts.unreachable : ((error as Error | null)?.message ?? '');
  return (
    <div className="failed" role="alert">
      <p>
        <b>{what ? `${what}: ${texts.title.toLowerCase()}` : texts.title}.</b> {why}
        {failure?.said.request_id && <small className="quiet">{` ${texts.number} ${failure.said.request_id}`}</small>}
      </p>
      {again && <button type="button" onClick={() => again()}>{texts.again}</button>}
    </div>
  );
}
