import type { Schemas } from '~/api/client';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';

const TEXTS: Texts<{ none: string; express: string }> = {
  ru: { none: 'Ни одной заявки с наших лендингов за этой сделкой не нашлось.', express: 'Форма заказа' },
  en: { none: 'No form of our landing pages was found behind this deal.', express: 'Order form' },
};

/** The forms behind the deal, without the person. */
export function Forms({ forms }: { forms: readonly Schemas['SaleLead'][] }) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  if (forms.length === 0) return <p className="quiet">{texts.none}</p>;
  return (
    <ol className="timeline">
      {forms.map(({ lead_id: id, slug, utm, received_at: at }) => (
        <li key={id} id={`form-${id}`}>
          <p className="row"><b>{formats.moment(at)}</b> <span className="badge">{slug ?? texts.express}</span></p>
          <p>{Object.entries(utm).map(([name, value]) => <span key={name}><code>{name}</code> = «{value}» </span>)}</p>
          <p className="quiet"><code>{id}</code></p>
        </li>
      ))}
    </ol>
  );
}
