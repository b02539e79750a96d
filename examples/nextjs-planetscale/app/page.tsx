import { connection } from 'next/server';
import { type ContentRow, lastContent } from '../lib/content';

/** The last rows of ai_content. Put your login before this page: whoever can open it sees everybody's content. */
export default async function Page() {
  await connection();
  const rows = await lastContent(20);
  return (
    <main>
      <h1>AI content</h1>
      {rows.length === 0 ? <p>Nothing yet. The README says how to send a first webhook.</p> : <Rows rows={rows} />}
    </main>
  );
}

function Rows({ rows }: { readonly rows: readonly ContentRow[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Id</th>
          <th scope="col">Title</th>
          <th scope="col">Category</th>
          <th scope="col">Event</th>
          <th scope="col">Stored (UTC)</th>
          <th scope="col">Callback</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td>{row.id}</td>
            <td>{row.title}</td>
            <td>{row.category}</td>
            <td>{row.event_name}</td>
            <td>{row.created_at}</td>
            <td>{row.callback_state}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
